/** The few ways in which schemas are put together everywhere, so that none of them forgets to be strict. */
import { Type } from 'typebox'

/** An object that refuses fields which it does not know. */
export function strict<Properties extends Type.TProperties>(
  properties: Properties,
  options: Type.TObjectOptions = {},
): Type.TObject<Properties> {
  return Type.Object(properties, { ...options, additionalProperties: false })
}

export function nullable<Schema extends Type.TSchema>(
  schema: Schema,
  options: Type.TSchemaOptions = {},
): Type.TUnion<[Schema, Type.TNull]> {
  return Type.Union([schema, Type.Null()], options)
}

/** The same schema where it means something narrower: another description, default or example. */
export function noted<Schema extends Type.TSchema>(
  schema: Schema,
  notes: Type.TSchemaOptions,
): Schema {
  return Type.With(schema, notes) as Schema
}

/** One page of a list, newest first unless its route says otherwise. */
export function page<Row extends Type.TSchema>(
  row: Row,
  title: string,
): Type.TObject<{ data: Type.TArray<Row>; has_more: Type.TBoolean; next_cursor: NextCursor }> {
  return strict(
    {
      data: Type.Array(row),
      has_more: Type.Boolean({ description: 'Whether there is a next page.' }),
      next_cursor: nullable(Type.String(), {
        description: 'Give it as `cursor` to get the next page; null on the last one.',
      }),
    },
    { title },
  )
}

type NextCursor = Type.TUnion<[Type.TString, Type.TNull]>
