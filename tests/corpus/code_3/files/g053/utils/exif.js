// Apply EXIF orientation so that photos of people are upright before detection.
const ROTATE = { 1: 0, 3: 180, 6: 90, 8: 270 };

export function rotationFor(orientation) {
  return ROTATE[orientation] ?? 0;
}

export function drawUpright(ctx, img, orientation) {
  const deg = rotationFor(orientation);
  ctx.save();
  ctx.translate(img.width / 2, img.height / 2);
  ctx.rotate((deg * Math.PI) / 180);
  ctx.drawImage(img, -img.width / 2, -img.height / 2);
  ctx.restore();
}
