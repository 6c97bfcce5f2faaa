import * as vscode from 'vscode';
import { trainingCheckpoints } from '../../protocol/api/training';
import type { Checkpoint, Run } from '../../protocol/model/run';
import { commands } from '../contributions';
import type { Services } from '../services';
import { t } from '../text/translate';
import { checkpointLook, runLook, sortCheckpoints } from './looks/run';
import { TopicTree, type EntityNode } from './topicTree';
import { treeItem, type NodePool, type Target, type TreeNode } from './treeNode';

export class TrainingTree extends TopicTree<Run> {
  constructor(services: Services) {
    super('training', services, services.topics.runs);
  }

  protected createNode(run: Run): EntityNode<Run> {
    return new RunNode(run, this.services, this.pool);
  }
}

class RunNode implements EntityNode<Run> {
  /** What `asked` was answered; a run tells ten times a second of its steps, but has new checkpoints once an epoch. */
  private known: { readonly asked: string; readonly checkpoints: readonly Checkpoint[] } | undefined;

  constructor(
    private run: Run,
    private readonly services: Services,
    private readonly pool: NodePool,
  ) {}

  get target(): Target {
    return { id: this.run.id };
  }

  update(run: Run): void {
    this.run = run;
  }

  item(): vscode.TreeItem {
    const { run } = this;
    return treeItem(runLook(run, Date.now()), {
      id: `run/${run.id}`,
      collapsible:
        run.epoch > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
      command: { command: commands.openDashboard, title: t('Open Dashboard'), arguments: [run.id] },
    });
  }

  async children(): Promise<readonly TreeNode[]> {
    const { run, services } = this;
    const asked = `${run.epoch}/${run.state}`;
    try {
      if (this.known?.asked !== asked) {
        const { checkpoints } = await services.client.call(trainingCheckpoints, { id: run.id });
        this.known = { asked, checkpoints };
      }
    } catch (error) {
      return [this.pool.problem(error, `run/${run.id}`, this)];
    }
    const last = Math.max(...this.known.checkpoints.map((checkpoint) => checkpoint.step));
    return sortCheckpoints(this.known.checkpoints).map((checkpoint) =>
      this.pool.node({
        key: `checkpoint/${checkpoint.id}`,
        parent: this,
        look: checkpointLook(checkpoint, checkpoint.step === last, Date.now()),
        target: { id: checkpoint.id, runId: checkpoint.runId },
      }),
    );
  }
}
