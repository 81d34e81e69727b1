const express = require('express');
const { detectar, atributos } = require('../modelos/rostro');

const router = express.Router();
const RAZAS = ['blanca', 'negra', 'asiatica', 'indigena', 'mestiza'];

// POST /rostro/analizar  -> lista de rostros con sus atributos
router.post('/analizar', async (req, res, next) => {
  try {
    const rostros = await detectar(req.body);
    const salida = [];
    for (const r of rostros) {
      const a = await atributos(r.recorte);
      salida.push({
        caja: r.caja,
        edad: Math.round(a.edad),
        genero: a.genero > 0.5 ? 'mujer' : 'hombre',
        raza: RAZAS[a.raza],
        gafas: a.gafas > 0.5,
      });
    }
    res.json({ rostros: salida });
  } catch (e) {
    next(e);
  }
});

module.exports = router;
