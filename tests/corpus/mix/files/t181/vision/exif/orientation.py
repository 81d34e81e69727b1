"""Apply the EXIF orientation of a photo."""
import logging

from PIL import Image, ImageOps

log = logging.getLogger(__name__)
ORIENTATION = 0x0112


def upright(path):
    with Image.open(path) as im:
        value = im.getexif().get(ORIENTATION, 1)
        if value != 1:
            log.debug("%s has orientation %d", path, value)
        return ImageOps.exif_transpose(im)


def is_portrait(im):
    """True for portraits: higher than wide."""
    return im.height > im.width
