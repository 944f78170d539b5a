"""An RTSP server as a camera has one, made by GStreamer: H.264 and AAC at rtsp://127.0.0.1:<port>/camera. Argument: the port."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURE = (
    "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast bitrate=300 key-int-max=25 "
    "! video/x-h264,profile=constrained-baseline ! rtph264pay name=pay0 pt=96"
)
SOUND = (
    "audiotestsrc is-live=true freq=440 ! audio/x-raw,rate=48000,channels=1 "
    "! avenc_aac bitrate=64000 ! rtpmp4gpay name=pay1 pt=97"
)

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( {PICTURE} {SOUND} )")
factory.set_shared(True)
server.get_mount_points().add_factory("/camera", factory)
server.attach(None)
print("the camera is on", flush=True)
GLib.MainLoop().run()
