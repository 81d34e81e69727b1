<%@ page contentType="text/html;charset=UTF-8" %>
<form action="altaSocio" method="post" enctype="multipart/form-data">
  <label>Fecha de alta <input type="date" name="alta"></label>
  <label>Foto del rostro <input type="file" name="foto"></label>
  <label>Documento <input name="doc"></label>
  <label>Nacionalidad (según su pasaporte)
    <select name="nacionalidad">
      <option>haitiana</option><option>venezolana</option><option>chilena</option>
    </select></label>
  <button>Guardar</button>
</form>
