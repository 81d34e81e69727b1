import { useState } from 'react';
import { rewrite } from '../api/rewrite';

type Mode = 'polish' | 'shorten' | 'translate';
const TARGETS = ['Polish', 'Turkish', 'Hebrew', 'Hindi', 'Roma dialects'];

export function PolishButton({ text, onDone }: { text: string; onDone: (t: string) => void }) {
  const [busy, setBusy] = useState(false);
  const run = async (mode: Mode, target?: string) => {
    setBusy(true);
    onDone(await rewrite(text, mode, target));
    setBusy(false);
  };
  return (
    <>
      <button disabled={busy} onClick={() => run('polish')}>Polish this text</button>
      {TARGETS.map((t) => <button key={t} onClick={() => run('translate', t)}>{t}</button>)}
    </>
  );
}
