// Which browsers can be brought near live by playing a little faster or slower.

/** WebKit on GStreamer (WebKitGTK, WPE) throws away what it has decoded at every change of the rate, and may stand still after one: there only jumps help. */
export function changesRateSmoothly(userAgent: string): boolean {
  return !/\bLinux\b.*\bAppleWebKit\/(?!.*\b(Chrome|Chromium|HeadlessChrome)\/)/.test(userAgent);
}
