import React from 'react';
import { Select, TextField, PhotoUpload, Button } from '../ui';

const OPTIONS = ['Asian', 'Black', 'Latina/o', 'White', 'Mixed', 'I would rather not say'];

export function ProfileForm({ onSave }: { onSave: (v: FormData) => void }) {
  return (
    <form onSubmit={(e) => { e.preventDefault(); onSave(new FormData(e.currentTarget)); }}>
      <TextField name="nick" label="Nickname" />
      <PhotoUpload name="photo" />
      <Select name="ethnicity" label="How do you describe your ethnicity? (optional)" options={OPTIONS} />
      <Button type="submit">Save</Button>
    </form>
  );
}
