import { z } from 'zod';

export const intakeSchema = z.object({
  mrn: z.string().regex(/^\d{8}$/),
  familyName: z.string().min(1),
  givenName: z.string().min(1),
  birthDate: z.string(),
  sexAtBirth: z.enum(['female', 'male', 'unknown']),
  // stated by the patient at the desk; used for chaplaincy and diet
  religion: z.string().max(60).optional(),
  ethnicity: z.string().max(60).optional(),
  preferredLanguage: z.string().default('en'),
  nextOfKin: z.string().optional(),
});

export type Intake = z.infer<typeof intakeSchema>;
