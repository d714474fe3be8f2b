/** The two pipes that carry what a device and its driver say to each other. */
export type BulkPipe = 'in' | 'out';

/**
 * A pipe that halted refuses every transfer until it is cleared (USB 2.0 §5.8.5, §9.4.5); neither a claim nor time
 * does that.
 */
export interface ClearsHalts {
  /** No transfer may be under way on the pipe. Whether it took is seen in the next transfer. */
  clearHalt(pipe: BulkPipe): Promise<void>;
}

/** To be done after a claim: whoever had the device before may have left either pipe halted. */
export async function clearBulkPipes(device: ClearsHalts): Promise<void> {
  await device.clearHalt('out');
  await device.clearHalt('in');
}
