using System.Collections.Concurrent;

namespace Releases.Tool;

/// <summary>
/// The promotions that buttons of this console began or took over: seen to their end, whoever looks, so that somebody drives them.
/// Pages that only show one do not.
/// </summary>
internal sealed class Followed(Rack rack, TimeProvider time, ErrorReport report) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<PromotionId, (AppName App, Task Following)> _followed = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Those that have not come to their end.</summary>
    public IEnumerable<(AppName App, PromotionId Promotion)> Open => _followed.Select(f => (f.Value.App, f.Key));

    public void Begin(AppName app, PromotionId promotion) => _followed.GetOrAdd(promotion, id => (app, Task.Run(() => ToTheEnd(app, id))));

    /// <summary>Looks no longer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_followed.Values.Select(f => f.Following));
        _stop.Dispose();
    }

    private async Task ToTheEnd(AppName app, PromotionId id)
    {
        try
        {
            await new Follow(rack, time).ToTheEnd(app, id, _ => { }, _stop.Token);
            _followed.TryRemove(id, out _);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The console ends; what becomes of the promotion is said by the command.
        }
#pragma warning disable CA1031 // Nobody awaits this; the records still have the promotion, and a button takes it up again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _followed.TryRemove(id, out _);
            report.Write(failure);
        }
    }
}
