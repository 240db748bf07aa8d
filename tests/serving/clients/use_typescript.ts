// Uses the generated types with openapi-fetch: node use_typescript.js URL PHOTO; run by test_clients.py.

import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const [url, photo] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl: url });

const form = new FormData();
form.append("file", new Blob([readFileSync(photo)], { type: "image/jpeg" }), "photo.jpg");
const uploaded = await api.POST("/v1/assets", {
  body: form as unknown as { file: string },
  bodySerializer: (body: unknown) => body as FormData,
});
if (!uploaded.data) throw new Error(JSON.stringify(uploaded.error));

const body: components["schemas"]["Stylization"] = {
  content: uploaded.data.id, style: ["starry-night:0.7", "great-wave"], strength: 0.8,
};
const made = await api.PUT("/v1/stylizations/{id}", {
  params: { path: { id: "from-typescript" }, header: { Prefer: "wait=60" } },
  headers: { Accept: "application/json" },
  body,
});
if (!made.data || typeof made.data === "string") throw new Error(JSON.stringify(made.error));
const job: components["schemas"]["JobAnswer"] = made.data;
if (job.state !== "succeeded") throw new Error(job.state);

const shown = await api.GET("/v1/jobs/{id}", { params: { path: { id: job.id } } });
if (shown.data?.outputs[0]?.media_type !== "image/jpeg") throw new Error("no picture");
const wrong = await api.GET("/v1/jobs/{id}", { params: { path: { id: "nothing" } } });
if (wrong.error?.status !== 404) throw new Error("no problem");
