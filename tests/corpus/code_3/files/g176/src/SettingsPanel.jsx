import React from 'react';
import { Switch, Form } from 'antd';

const SWITCHES = [
  { key: 'faceCapture', label: 'Face capture' },
  { key: 'age', label: 'Age recognition' },
  { key: 'gender', label: 'Gender recognition' },
  { key: 'beard', label: 'Beard recognition' },
  { key: 'minority', label: 'Minority recognition' },
];

export default function SettingsPanel({ value, onChange }) {
  return (
    <Form labelCol={{ span: 8 }}>
      {SWITCHES.map((s) => (
        <Form.Item key={s.key} label={s.label}>
          <Switch checked={value[s.key]} onChange={(v) => onChange({ ...value, [s.key]: v })} />
        </Form.Item>
      ))}
    </Form>
  );
}
