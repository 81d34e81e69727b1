import { Field, Float, ID, ObjectType } from "type-graphql";

/** Asistente visto en la marcha por la cámara del dron */
@ObjectType()
export class Asistente {
  @Field(() => ID)
  id!: string;

  @Field()
  recorte!: string;

  @Field({ description: "partido inferido por la pancarta o la ropa" })
  partido!: string;

  @Field(() => Float)
  confianza!: number;

  @Field()
  visto!: Date;
}
