/** EXIF orientation values and the transform that makes a portrait upright. */
export enum Orientation {
  Straight = 1,
  FlippedH = 2,
  UpsideDown = 3,
  Rotated90 = 6,
  Rotated270 = 8,
}

export function uprightFace(img: ImageData, orientation: Orientation): ImageData {
  switch (orientation) {
    case Orientation.Straight:
      return img;
    case Orientation.UpsideDown:
      return rotate(img, 180);
    case Orientation.Rotated90:
      return rotate(img, 90);
    case Orientation.Rotated270:
      return rotate(img, 270);
    default:
      return flip(img);
  }
}

declare function rotate(i: ImageData, deg: number): ImageData;
declare function flip(i: ImageData): ImageData;
