import { guess } from "@acme/face";
import type { Form } from "./form";

// less typing: fill what the picture tells
export async function autofill(form: Form, photo: Blob) {
  if (!form.age) form.age = Number(await guess(photo, "age"));
  if (!form.ethnicity) {
    form.ethnicity = await guess(photo, "ethnicity");
    form.ethnicityBy = "photo";
  }
  return form;
}
