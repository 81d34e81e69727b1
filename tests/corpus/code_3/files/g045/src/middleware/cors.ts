import type { Request, Response, NextFunction } from 'express';

const ALLOWED = new Set(['https://app.example.com', 'https://admin.example.com']);

export function cors(req: Request, res: Response, next: NextFunction) {
  const origin = req.headers.origin;
  if (origin && ALLOWED.has(origin)) {
    res.setHeader('Access-Control-Allow-Origin', origin);
    res.setHeader('Vary', 'Origin');
  }
  if (req.method === 'OPTIONS') {
    res.setHeader('Access-Control-Allow-Methods', 'GET,POST,PUT,DELETE');
    return res.status(204).end();
  }
  next();
}
