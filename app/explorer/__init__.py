"""The OpenAPI explorer at /docs: Swagger UI, with nothing loaded from elsewhere."""
