import {
  FULL,
  PLAIN,
  serialRig,
  usbRig,
  type Model,
} from '../drivers/escpos-receipt-printer/escpos-rig.ts';
import { receiptPrinterConformance, type ReceiptPrinterRig } from './receipt-printer-suite.ts';

const models: Readonly<Record<string, Model>> = {
  'with every sensor, a cutter and process ids': FULL,
  'without cutter and sensors, asked only': PLAIN,
  'with a cutter, that takes bytes and tells nothing afterwards': {
    ...PLAIN,
    columns: 42,
    cutter: true,
    coverSensor: true,
    endOfJob: 'none',
  },
};
const buses: Readonly<Record<string, (model: Model) => Promise<ReceiptPrinterRig>>> = {
  'a pseudo-terminal': serialRig,
  'a simulated USB bus': (model) => Promise.resolve(usbRig(model)),
};

for (const [bus, setUp] of Object.entries(buses)) {
  for (const [kind, model] of Object.entries(models)) {
    const { columns, cutter, paperNearEnd, coverSensor, endOfJob } = model;
    const completedMeans = endOfJob === 'processId' ? 'deviceReported' : 'hostAccepted';
    receiptPrinterConformance(
      `an ESC/POS printer on ${bus}, ${kind},`,
      { columns, cutter, paperNearEnd, coverSensor, completedMeans },
      async () => {
        const rig = await setUp(model);
        await rig.driver.start();
        return rig;
      },
    );
  }
}
