/** Amazon Titan's text embeddings, which a role must be admitted to. */
export const embeddingModel = "amazon.titan-embed-text-v2:0";
