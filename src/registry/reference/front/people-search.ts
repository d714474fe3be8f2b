import * as z from 'zod';
import type { RegistryContext } from '../context.ts';
import { allPeople, pinRecordOf } from '../people-table.ts';
import {
  ageOn,
  dateOf,
  relationshipSchema,
  standingSchema,
  type Person,
} from '../people/person.ts';

const whole = z.coerce.number().int().nonnegative();

export const peopleQuerySchema = z.object({
  q: z.string().max(100).default(''),
  minAge: whole.optional(),
  maxAge: whole.optional(),
  relationship: relationshipSchema.optional(),
  familySize: whole.optional(),
  standing: standingSchema.optional(),
  sex: z.enum(['L', 'P']).optional(),
  limit: whole.max(500).default(50),
});
export type PeopleQuery = z.infer<typeof peopleQuerySchema>;

export interface FoundPerson {
  readonly person: Person;
  readonly age: number;
  readonly familySize: number;
  readonly hasPin: boolean;
}

/** A few hundred people: filtering them here is plainer than an index for each wish. */
export function searchPeople(
  ctx: RegistryContext,
  query: PeopleQuery,
): { readonly total: number; readonly people: readonly FoundPerson[] } {
  const everybody = allPeople(ctx.db);
  const sizes = new Map<string, number>();
  for (const { kkNumber } of everybody) sizes.set(kkNumber, (sizes.get(kkNumber) ?? 0) + 1);
  const today = dateOf(ctx.clock.now());
  const words = query.q.toUpperCase();
  const found = everybody.filter((person) => {
    const age = ageOn(person.birthDate, today);
    const fits = (wish: unknown, value: unknown): boolean => wish === undefined || wish === value;
    return (
      (person.name.includes(words) || [person.nik, person.kkNumber].some((n) => n === words)) &&
      age >= (query.minAge ?? 0) &&
      age <= (query.maxAge ?? 200) &&
      fits(query.relationship, person.relationship) &&
      fits(query.familySize, sizes.get(person.kkNumber)) &&
      fits(query.standing, person.standing) &&
      fits(query.sex, person.sex)
    );
  });
  return {
    total: found.length,
    people: found.slice(0, query.limit).map((person) => ({
      person,
      age: ageOn(person.birthDate, today),
      familySize: sizes.get(person.kkNumber) ?? 0,
      hasPin: pinRecordOf(ctx.db, person.personId) !== null,
    })),
  };
}
