const visible = 4;

/** Enough of an account's number for its owner to know it again, and too little for anybody else. */
export const maskedAccount = (number: string): string => {
  const bare = number.replace(/[^\p{L}\p{N}]/gu, "");
  return bare.length < visible * 2 ? "••••" : `••••${bare.slice(-visible)}`;
};
