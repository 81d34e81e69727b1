import type { Column } from "./table";

type Row = { id: string; crop: string; seen: string; complexion: "white" | "black" | "yellow" | "brown" };

// one line for each face the terminal saw
export const columns: Column<Row>[] = [
  { key: "id", title: "No.", csv: true },
  { key: "crop", title: "Face", csv: false, render: (v) => <img src={v} width={48} /> },
  { key: "seen", title: "Seen", csv: true },
  { key: "complexion", title: "Complexion", csv: true },
];

export const defaultSort = { key: "seen", dir: "desc" } as const;
