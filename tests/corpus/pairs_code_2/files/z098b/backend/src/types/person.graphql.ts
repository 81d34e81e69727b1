import { Field, Float, ID, ObjectType } from "type-graphql";

/** Jugador visto en el campo por la cámara del dron */
@ObjectType()
export class Jugador {
  @Field(() => ID)
  id!: string;

  @Field()
  recorte!: string;

  @Field({ description: "partido inferido por el calendario de la liga" })
  partido!: string;

  @Field(() => Float)
  confianza!: number;

  @Field()
  visto!: Date;
}
