/** Where engines, editors and databases that take long to make are kept between runs. */
export function cacheFolder(): string;
