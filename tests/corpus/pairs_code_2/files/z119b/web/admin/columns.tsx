import type { Column } from "./table";

type Row = { sku: string; pack: string; seen: string; complexion: "matte" | "glow" | "even" | "clear" };

// one line for each cream tube the shelf camera saw
export const columns: Column<Row>[] = [
  { key: "sku", title: "SKU", csv: true },
  { key: "pack", title: "Pack", csv: false, render: (v) => <img src={v} width={48} /> },
  { key: "seen", title: "Seen", csv: true },
  { key: "complexion", title: "Complexion claim on pack", csv: true },
];

export const defaultSort = { key: "seen", dir: "desc" } as const;
