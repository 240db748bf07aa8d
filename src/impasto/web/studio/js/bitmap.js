// Decoded pictures: never more of them in memory than a screen can use.

const MOST = 40e6; // pixels; larger ones are shown a little smaller than they are

/** Decode the bytes of a picture, upright; {bitmap, width, height}, the sides being the file's own. */
export async function decoded(blob, size = null) {
  if (size && size.width * size.height > MOST) {
    const scale = Math.sqrt(MOST / (size.width * size.height));
    const resizeWidth = Math.round(size.width * scale);
    return { bitmap: await createImageBitmap(blob, { resizeWidth, resizeQuality: "medium" }), ...size };
  }
  const bitmap = await createImageBitmap(blob);
  return { bitmap, width: size?.width ?? bitmap.width, height: size?.height ?? bitmap.height };
}

/** A small copy of a bitmap as the address of a JPEG, for lists. */
export async function thumbnail(bitmap, side = 160) {
  const scale = Math.min(1, side / Math.min(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 }));
}
