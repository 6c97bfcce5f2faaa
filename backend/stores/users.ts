import type { Database, Row } from '../database/database';
import { iso, localUserId, withoutNulls } from './rows';

export type UserRole = 'owner' | 'admin' | 'user' | 'viewer';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly email?: string;
  readonly role: UserRole;
  readonly createdAt: string;
}

const columns = 'id, username, email, role, created_at';

export class UsersStore {
  constructor(private readonly db: Database) {}

  /** The person at this machine. */
  async local(): Promise<User> {
    const user = await this.find(localUserId);
    if (user === undefined) throw new Error('The local user is missing from the users table.');
    return user;
  }

  async find(id: string): Promise<User | undefined> {
    const [row] = await this.db.query(`SELECT ${columns} FROM users WHERE id = $1`, [id]);
    return row && toUser(row);
  }

  async list(): Promise<User[]> {
    return (await this.db.query(`SELECT ${columns} FROM users ORDER BY created_at, id`)).map(toUser);
  }
}

function toUser(row: Row): User {
  return withoutNulls({
    id: row['id'],
    username: row['username'],
    email: row['email'],
    role: row['role'],
    createdAt: iso(row['created_at']),
  }) as unknown as User;
}
