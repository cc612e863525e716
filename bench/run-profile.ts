/** placeholder */
export async function runProfile(options: { events: number; inject: 'api' | 'store' }): Promise<void> {
  void options;
}
