import { Controller, useForm } from 'react-hook-form';

const COR_RACA = ['Branca', 'Preta', 'Parda', 'Amarela', 'Indígena', 'Prefiro não declarar'];

export function Cadastro({ onSubmit }: { onSubmit: (v: unknown) => void }) {
  const { control, handleSubmit, register } = useForm();
  return (
    <form onSubmit={handleSubmit(onSubmit)}>
      <input {...register('nome')} placeholder="Nome completo" />
      <label>Como você se autodeclara (cor ou raça, IBGE)?</label>
      <Controller
        name="corRaca"
        control={control}
        render={({ field }) => (
          <select {...field}>{COR_RACA.map((c) => <option key={c}>{c}</option>)}</select>
        )}
      />
      <button>Enviar</button>
    </form>
  );
}
