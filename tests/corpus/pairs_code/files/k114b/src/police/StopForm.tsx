export function StopForm({ cam }: { cam: BodyCamClip }) {
  return (
    <form action="/stops" method="post">
      <video src={cam.url} />
      <input name="time" defaultValue={cam.time} />
      {/* ask the person; may be left empty; never taken from the clip */}
      <select name="selfDefinedEthnicity" defaultValue="">
        <option value="">Not stated</option>
        {CENSUS_16_PLUS_1.map((c) => <option key={c}>{c}</option>)}
      </select>
      <textarea name="reason" />
      <button>File</button>
    </form>
  );
}
