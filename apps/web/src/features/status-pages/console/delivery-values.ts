import type { PageDelivery, PageDeliveryForm } from "@windfire/api";

export const TARGETS = ["none", "folder", "s3"] as const satisfies readonly PageDeliveryForm["export"]["kind"][];

/** What reaches beyond a page, flat as its form. */
export interface DeliveryValues {
  readonly domain: string;
  readonly channel: number;
  readonly kind: PageDeliveryForm["export"]["kind"];
  readonly folder: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKey: string;
  /** Only ever written. */
  readonly secretKey: string;
}

export function readDelivery({ domain, channel_id: channel, export: target }: PageDelivery): DeliveryValues {
  const { kind, folder, endpoint, region, bucket, prefix, access_key: accessKey } = target;
  return { domain, channel, kind, folder, endpoint, region, bucket, prefix, accessKey, secretKey: "" };
}

export function writeDelivery({ domain, channel, accessKey, secretKey, ...target }: DeliveryValues): PageDeliveryForm {
  return { domain: domain.trim(), channel_id: channel, export: { ...target, access_key: accessKey, secret_key: secretKey } };
}
