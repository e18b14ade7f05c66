export declare function signatureState(bytes: Buffer): 'unsigned' | 'signed' | 'broken'
export declare function signedAdHoc(bytes: Buffer): Buffer
