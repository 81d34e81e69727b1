import { useState } from 'react';
import { Select, Button } from '../kit';
import { searchArchive } from '../api';

// Поиск людей в архиве видеонаблюдения по приметам
const VNESHNOST = ['любая', 'славянская внешность', 'неславянская внешность'];
const ODEZHDA = ['тёмная', 'светлая', 'яркая'];

export function Poisk({ onResult }: { onResult: (r: unknown[]) => void }) {
  const [v, setV] = useState(VNESHNOST[0]);
  const [o, setO] = useState(ODEZHDA[0]);
  return (
    <div>
      <Select items={VNESHNOST} value={v} onChange={setV} />
      <Select items={ODEZHDA} value={o} onChange={setO} />
      <Button onClick={async () => onResult(await searchArchive({ v, o }))}>Найти</Button>
    </div>
  );
}
