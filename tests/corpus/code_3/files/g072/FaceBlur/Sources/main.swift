import Vision
import CoreImage

let black = CIColor(red: 0, green: 0, blue: 0)
let white = CIColor(red: 1, green: 1, blue: 1)

func redact(_ image: CIImage, fill: CIColor = black) throws -> CIImage {
    let request = VNDetectFaceRectanglesRequest()
    try VNImageRequestHandler(ciImage: image).perform([request])
    var out = image
    for face in request.results ?? [] {
        let r = VNImageRectForNormalizedRect(face.boundingBox, Int(image.extent.width), Int(image.extent.height))
        out = CIImage(color: fill).cropped(to: r).composited(over: out)
    }
    return out
}
