/**
 * A graph of TensorFlow's operations as a saved model. Numbers of fields: tensorflow/core/framework/{graph,node_def,
 * attr_value,tensor,tensor_shape}.proto and core/protobuf/{meta_graph,saved_model}.proto.
 */
import type { NativeBinding, OpAttribute } from '../nativeOps';
import { bytesField, floatField, integerField, joined } from './protobuf';

export const servingTag = 'serve';
/** The version of graphs that TensorFlow 2.18 makes. */
const producer = 1882;

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node:output` */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Uint8Array>>;
}

export interface ConstantValues {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

export const typeValue = (dtype: number): Uint8Array => integerField(6, dtype);

const shapeMessage = (shape: readonly number[]): Uint8Array =>
  joined(...shape.map((size) => bytesField(2, integerField(1, size))));

export function constantNode(name: string, { shape, dtype, values }: ConstantValues): GraphNode {
  const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const tensor = joined(integerField(1, dtype), bytesField(2, shapeMessage(shape)), bytesField(4, content));
  return {
    name,
    op: 'Const',
    inputs: [],
    attributes: { dtype: typeValue(dtype), value: bytesField(8, tensor) },
  };
}

export function placeholderNode(name: string, dtype: number): GraphNode {
  return { name, op: 'Placeholder', inputs: [], attributes: { dtype: typeValue(dtype) } };
}

/** As tfjs hands it to the binding. */
export function attributeValue(binding: NativeBinding, { type, value }: OpAttribute): Uint8Array {
  const one = (item: unknown): Uint8Array => {
    switch (type) {
      case binding.TF_ATTR_STRING:
        return bytesField(2, String(item));
      case binding.TF_ATTR_INT:
        return integerField(3, Number(item));
      case binding.TF_ATTR_FLOAT:
        return floatField(4, Number(item));
      case binding.TF_ATTR_BOOL:
        return integerField(5, item === true ? 1 : 0);
      case binding.TF_ATTR_TYPE:
        return typeValue(Number(item));
      case binding.TF_ATTR_SHAPE:
        return bytesField(7, shapeMessage(item as readonly number[]));
      default:
        throw new Error(`an attribute of the type ${type} is not known`);
    }
  };
  const isList = Array.isArray(value) && type !== binding.TF_ATTR_SHAPE;
  return isList ? bytesField(1, joined(...value.map(one))) : one(value);
}

function nodeMessage({ name, op, inputs, attributes }: GraphNode): Uint8Array {
  return joined(
    bytesField(1, name),
    bytesField(2, op),
    ...inputs.map((input) => bytesField(3, input)),
    ...Object.entries(attributes).map(([key, value]) =>
      bytesField(5, joined(bytesField(1, key), bytesField(2, value))),
    ),
  );
}

/** The contents of `saved_model.pb`. */
export function savedModel(nodes: readonly GraphNode[]): Uint8Array {
  const graph = joined(
    ...nodes.map((node) => bytesField(1, nodeMessage(node))),
    bytesField(4, integerField(1, producer)),
  );
  const meta = joined(bytesField(1, bytesField(4, servingTag)), bytesField(2, graph));
  return joined(integerField(1, 1), bytesField(2, meta));
}
