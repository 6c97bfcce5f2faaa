export const defaultHubEndpoint = 'https://huggingface.co';
