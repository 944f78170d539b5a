// Importing this registers <p2p-admin>, its parts, and <p2p-live> for its previews; the build makes dist/p2p-admin.js of it.

import '../define.ts';
import { AdminChart } from './admin-chart.ts';
import { AdminDialog } from './admin-dialog.ts';
import { ChannelForm } from './channel-form.ts';
import { ChannelPage } from './channel-page.ts';
import { ChannelsPage } from './channels-page.ts';
import { ChartsPanel } from './charts-panel.ts';
import { LogPage } from './log-page.ts';
import { OverviewPage } from './overview-page.ts';
import { P2pAdmin } from './p2p-admin.ts';
import { RecordingsPage } from './recordings-page.ts';
import { SignIn } from './sign-in.ts';
import { SwarmView } from './swarm-view.ts';
import { ViewersTable } from './viewers-table.ts';

const ELEMENTS = {
  'p2p-admin-chart': AdminChart,
  'p2p-admin-charts': ChartsPanel,
  'p2p-admin-dialog': AdminDialog,
  'p2p-admin-channel-form': ChannelForm,
  'p2p-admin-sign-in': SignIn,
  'p2p-admin-overview': OverviewPage,
  'p2p-admin-channels': ChannelsPage,
  'p2p-admin-channel': ChannelPage,
  'p2p-admin-swarm': SwarmView,
  'p2p-admin-viewers': ViewersTable,
  'p2p-admin-recordings': RecordingsPage,
  'p2p-admin-log': LogPage,
  'p2p-admin': P2pAdmin,
} as const;

for (const [name, element] of Object.entries(ELEMENTS))
  if (!customElements.get(name)) customElements.define(name, element);

export { P2pAdmin };
