namespace Releases.Testing;

public sealed partial class InMemoryReleaseStore
{
    /// <summary>What is kept of one app, oldest first.</summary>
    private sealed class Records
    {
        private string? _app;
        private string? _lock;

        public App? App
        {
            get => _app is null ? null : Read(_app, StoreJson.Default.App);
            set => _app = value is null ? null : Write(value, StoreJson.Default.App);
        }

        public PromotionLock? Lock
        {
            get => _lock is null ? null : Read(_lock, StoreJson.Default.PromotionLock);
            set => _lock = value is null ? null : Write(value, StoreJson.Default.PromotionLock);
        }

        public List<(ReleaseId Id, long Number, string Json)> Releases { get; } = [];

        public List<KeyValuePair<BuildId, string>> Builds { get; } = [];

        public List<KeyValuePair<PromotionId, string>> Promotions { get; } = [];

        public Dictionary<(BuildId Build, int Part), string> BuildLogs { get; } = [];

        public Dictionary<string, byte[]> Documents { get; } = [];

        public Dictionary<ReleaseId, PromotionStatus> Outcomes { get; } = [];

        public Dictionary<SnapshotId, byte[]> Snapshots { get; } = [];

        public List<string> Events { get; init; } = [];

        public IEnumerable<Release> AllReleases() => Releases.Select(r => Read(r.Json, StoreJson.Default.Release) with
        {
            LastOutcome = Outcomes.TryGetValue(r.Id, out var outcome) ? outcome : null,
        });

        public IEnumerable<Promotion> AllPromotions() => Promotions.Select(p => Read(p.Value, StoreJson.Default.Promotion));

        public void Append(Event what) => Events.Add(Write(what, StoreJson.Default.Event));

        public PromotionLock Begin(PromotionBeginning begins)
        {
            Lock = PromotionLock.For(begins.Promotion, begins.Owner);
            Save(begins.Promotion);
            Append(begins.Event);
            return Lock!;
        }

        public Build? Build(BuildId id) =>
            Builds.FirstOrDefault(b => b.Key == id) is { Value: { } json } ? Read(json, StoreJson.Default.Build) : null;

        public void Save(Build build) => Put(Builds, build.Id, Write(build, StoreJson.Default.Build));

        public void Save(Promotion promotion) => Put(Promotions, promotion.Id, Write(promotion, StoreJson.Default.Promotion));

        private static void Put<TKey>(List<KeyValuePair<TKey, string>> list, TKey key, string json) where TKey : notnull
        {
            var at = list.FindIndex(e => EqualityComparer<TKey>.Default.Equals(e.Key, key));
            if (at < 0) list.Add(new(key, json));
            else list[at] = new(key, json);
        }
    }
}
