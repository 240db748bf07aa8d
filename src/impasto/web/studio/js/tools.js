// The tools of the page; each is an element of its own.

import "./camera.js";
import "./cards.js";
import "./compare.js";
import "./rating.js";
import "./regions.js";
import "./share.js";
import "./sheet.js";
