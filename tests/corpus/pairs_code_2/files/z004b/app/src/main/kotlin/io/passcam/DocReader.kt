package io.passcam

import android.graphics.Bitmap

data class Holder(val name: String, val nationality: String, val portrait: Bitmap)

class DocReader(
    private val cropper: PortraitCropper,
    private val mrzParser: MrzParser,
) {
    fun read(scan: Bitmap): Holder {
        val portrait = cropper.crop(scan)
        val mrz = mrzParser.parse(scan)
        val nationality = mrz.field("NAT")
        return Holder(
            name = "",
            nationality = nationality,
            portrait = portrait,
        )
    }
}
