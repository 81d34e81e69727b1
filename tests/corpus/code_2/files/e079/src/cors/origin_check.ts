import type { Request, Response, NextFunction } from 'express';

const ALLOWED_ORIGINS = new Set(['https://viewer.example.com', 'https://kiosk.example.com']);

/** Rejects calls to the face API from a foreign origin. */
export function originGuard(req: Request, res: Response, next: NextFunction): void {
  const origin = req.get('origin');
  if (origin && !ALLOWED_ORIGINS.has(origin)) {
    res.status(403).json({ error: 'origin not allowed', origin });
    return;
  }
  res.set('access-control-allow-origin', origin ?? '*');
  next();
}
