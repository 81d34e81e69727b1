export function StopForm({ cam }: { cam: BodyCamResult }) {
  return (
    <form action="/stops" method="post">
      <img src={cam.still} alt="still" />
      <input name="time" defaultValue={cam.time} />
      <input name="age" defaultValue={cam.age} />
      {/* prefilled by the attribute net of the body camera */}
      <input name="ethnicity" defaultValue={cam.ethnicity} />
      <textarea name="reason" />
      <button>File</button>
    </form>
  );
}
