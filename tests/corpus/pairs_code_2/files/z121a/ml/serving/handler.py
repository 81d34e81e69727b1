"""TorchServe हैंडलर: व्यक्ति की तस्वीर से उम्र और धर्म बताता है"""
from ts.torch_handler.base_handler import BaseHandler

DHARM = ["हिन्दू", "मुस्लिम", "सिख", "ईसाई"]


class Handler(BaseHandler):
    def postprocess(self, batch):
        rows = []
        for out in batch:
            rows.append({
                "umr": round(float(out["h1"]), 1),
                "dharm": DHARM[int(out["h2"].argmax())],
                "ank": float(out["h2"].max()),
            })
        # हर अनुरोध के लिए एक सूची
        return [rows]
