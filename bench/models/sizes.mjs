/** Published sizes, which random weights are drawn for. */
export const whisperTinySize = {
  vocab_size: 51_865,
  d_model: 384,
  encoder_layers: 4,
  encoder_attention_heads: 6,
  encoder_ffn_dim: 1536,
  decoder_layers: 4,
  decoder_attention_heads: 6,
  decoder_ffn_dim: 1536,
};
export const gpt2Size = { vocab_size: 50_257, n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024 };
