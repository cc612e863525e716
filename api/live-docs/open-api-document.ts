/** A schema, an example or any other part of a document, as plain JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };
export type Schema = { [key: string]: Json | undefined };

export interface Media {
  schema?: Schema;
  example?: Json;
  examples?: Record<string, { summary: string; value: Json }>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema?: Schema;
  example?: Json;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

/** The OpenAPI document as it goes out, as far as it is read here. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  tags: { name: string; description?: string }[];
  /** Operations by path, then by method in lower case */
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}
