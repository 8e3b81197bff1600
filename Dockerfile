# The built server alone, as an ordinary user: docker build -t mcp .
FROM node:24-slim AS build
WORKDIR /app
COPY . .
# npm uses package-lock.json if it exists.
RUN --mount=type=cache,target=/root/.npm npm install
RUN npm run build

FROM node:24-slim
WORKDIR /app
COPY --from=build /app/dist/http.js /app/dist/http.js.map ./
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3001
USER node
EXPOSE 3001
HEALTHCHECK --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then(({ ok }) => process.exit(ok ? 0 : 1))"]
CMD ["node", "http.js"]
