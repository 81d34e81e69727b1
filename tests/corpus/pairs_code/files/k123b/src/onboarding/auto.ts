import { guess } from "@acme/face";
import type { Form } from "./form";

// less typing: the picture is only used to see whether a face is in it
export async function autofill(form: Form, photo: Blob, typed: Partial<Form>) {
  form.photoOk = (await guess(photo, "face_count")) === "1";
  if (typed.ethnicity) {
    form.ethnicity = typed.ethnicity; // the applicant's own words
    form.ethnicityBy = "self";
  }
  return form;
}
