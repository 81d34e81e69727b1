<%@ page contentType="text/html;charset=UTF-8" %>
<form action="buscarRostros" method="get">
  <label>Desde <input type="date" name="desde"></label>
  <label>Cámara <select name="camara"></select></label>
  <label>Lentes <input type="checkbox" name="lentes"></label>
  <label>Nacionalidad estimada del rostro
    <select name="nacionalidadEstimada">
      <option>haitiana</option><option>venezolana</option><option>chilena</option>
    </select></label>
  <button>Buscar</button>
</form>
