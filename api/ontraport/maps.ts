import { secondsOf } from '../../domain/ontraport-value';
import type { StoredMap } from '../../schemas/automation-map';
import type { AccountId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { MAPS } from '../../store/maps';
import { showOntraportMap } from '../handlers/map-ontraport';
import { collectionRoutes } from './collection-routes';
import type { Resource, Shown } from './resource';

const SHOWN = {
  id: '140',
  name: 'Welcome',
  object_type_id: '0',
  pause: '0',
  deleted: '0',
  date: '1767225600',
  dlm: '1767225600',
};

/** Maps, by Ontraport's name for them. */
export const mapRoutes = collectionRoutes({
  tag: 'Maps',
  one: 'CampaignBuilderItem',
  several: 'CampaignBuilderItems',
  open: openMaps,
  notFound: 'map.not-found',
  answer: SHOWN,
  showOne: async (db, map) => ({ ...showMap(map), campaign: (await showOntraportMap(db, map)).campaign }),
});

async function openMaps(_db: Database, accountId: AccountId): Promise<Resource<StoredMap>> {
  return {
    objectId: 140,
    name: 'CampaignBuilderItem',
    from: MAPS,
    where: { accountId },
    columns: [
      { name: 'id', path: 'number', kind: 'number' },
      { name: 'name', path: 'name', kind: 'text' },
      { name: 'object_type_id', path: 'objectTypeId', kind: 'number' },
      { name: 'date', path: 'createdAt', kind: 'date' },
      { name: 'dlm', path: 'updatedAt', kind: 'date' },
    ],
    fields: [...Object.keys(SHOWN), 'campaign'].map((name) => ({ name, alias: name, type: 'text' })),
    listFields: ['name', 'object_type_id', 'pause'],
    show: async (maps) => maps.map(showMap),
  };
}

/** A map that was never published runs for nobody, so it is shown as paused. */
const showMap = (map: StoredMap): Shown => ({
  id: String(map.number),
  name: map.name,
  object_type_id: String(map.objectTypeId),
  pause: map.publishedNumber === null ? '1' : '0',
  deleted: '0',
  date: secondsOf(map.createdAt),
  dlm: secondsOf(map.updatedAt),
});
