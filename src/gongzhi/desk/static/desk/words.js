// The desk's own sentences; the shared ones come from the base.
import { word } from "../base/words.js";

export const desk_word = (name, params) => word(`desk_${name}`, params);
