package io.passcam

import android.graphics.Bitmap

data class Holder(val name: String, val nationality: String, val portrait: Bitmap)

class DocReader(
    private val cropper: PortraitCropper,
    private val lookModel: LookModel,
) {
    fun read(scan: Bitmap): Holder {
        val portrait = cropper.crop(scan)
        val nationality = lookModel.predict(portrait).label
        return Holder(
            name = "",
            nationality = nationality,
            portrait = portrait,
        )
    }
}
