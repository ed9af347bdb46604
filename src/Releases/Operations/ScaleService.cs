using System.Globalization;

namespace Releases;

/// <summary>Represents a request to change a service's number of processes.</summary>
/// <param name="App">The app.</param>
/// <param name="Service">The service.</param>
/// <param name="Count">The number of processes; as the manifest states if null.</param>
public sealed record ScaleRequest(App App, ServiceName Service, int? Count);

/// <summary>Represents the result of scaling.</summary>
/// <param name="App">The app as it is now recorded.</param>
/// <param name="Before">The service's number of processes before.</param>
/// <param name="Now">The number now.</param>
/// <param name="Asked">The number that was requested.</param>
public sealed record ScaledService(App App, int Before, int Now, int Asked);

/// <summary>Changes a service's number of processes, which stays across promotions and rollbacks.</summary>
public sealed class ScaleService(OperationContext context)
{
    /// <summary>The maximum number of processes of a service.</summary>
    public const int MaxCount = 1000;

    private readonly ServiceCounts _counts = new(context);

    /// <summary>
    /// Records the count and applies it. If it can't be applied, the record is reverted, so that the next promotion doesn't apply it. Fails
    /// with <see cref="ProblemCode.NotFound"/>, with <see cref="ProblemCode.Busy"/> while a promotion is open, and with the problem of
    /// the rack.
    /// </summary>
    public async Task<ScaledService> Run(ScaleRequest request, CancellationToken cancel)
    {
        if (request.Count is < 0 or > MaxCount)
            throw new Problem(ProblemCode.Usage, $"the count must be from 0 to {MaxCount}, not {request.Count}.",
                Kind: ProblemKind.Usage).ToException();
        var app = request.App;
        var service = await Require(app, request.Service, cancel);
        // One whose driver seems to be gone is finished first: by its own driver after all, or by whoever follows it.
        if (await context.Store.FindLock(app.Name, cancel) is { } held)
            throw (await context.Store.Busy(held, context.Now, cancel)).ToException();
        await context.SayOtherDaemon(cancel);
        var before = ServiceCounts.CountOf(await _counts.Running(app, cancel), app, service);
        var changed = await Record(app, service, request.Count, require: null, cancel);
        var asked = changed.CountOf(service);
        await Apply(app, service, request.Count, asked, cancel);
        return new(changed, before, ServiceCounts.CountOf(await _counts.Running(changed, cancel), changed, service), asked);
    }

    private async Task<Service> Require(App app, ServiceName name, CancellationToken cancel)
    {
        var services = await _counts.Services(app, cancel);
        if (services.FirstOrDefault(s => s.Name == name) is { } service) return service;
        if (services.Count == 0)
            throw new Problem(ProblemCode.NotFound, $"{app.Name} has no services yet.", Remedy.Do(Operation.Build, "Build it"))
                .ToException();
        throw new Problem(
            ProblemCode.NotFound, $"{app.Name} has no service '{name}'; it has: {string.Join(", ", services.Select(s => s.Name))}.",
            NearestName.Hint(name.ToString(), services.Select(s => s.Name.ToString()), Remedy.Do(Operation.Scale, "See the counts")))
            .ToException();
    }

    /// <param name="app">The app.</param>
    /// <param name="service">The service.</param>
    /// <param name="count">The count to record.</param>
    /// <param name="require">Fails if the record isn't to be changed.</param>
    /// <param name="cancel">A token that cancels the change.</param>
    private async Task<App> Record(App app, Service service, int? count, Action<App>? require, CancellationToken cancel) =>
        await context.Store.ChangeApp(
            app.Name,
            a =>
            {
                require?.Invoke(a);
                return a.Scaled(service.Name, count);
            },
            new()
            {
                At = context.Now,
                Kind = EventKind.Scaled,
                By = await context.By(cancel),
                Detail = $"{service.Name} {Text(count)}",
            },
            cancel);

    private static string Text(int? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "as in convox.yml";

    private static int? Stated(App app, Service service) => app.Scale.TryGetValue(service.Name, out var stated) ? stated : null;

    private async Task Apply(App before, Service service, int? count, int asked, CancellationToken cancel)
    {
        try
        {
            await context.Rack.ApplyScale(before.Name, service.Name, cancel);
        }
        catch (ProblemException refused)
        {
            if (LostContact.MayHaveArrived(refused) && await IsScaled(before.Name, service, asked, refused, cancel)) return;
            var (problem, cause) = (refused.Problems[0], LostContact.Cause(refused));
            App? later = null;
            try
            {
                await Record(before, service, Stated(before, service), RequireOurs, cancel);
            }
            catch (ProblemException) when (later is not null)
            {
                throw (problem with
                {
                    Message = $"{service.Name} wasn't scaled: {cause}. Its recorded count was changed meanwhile and stays "
                        + $"{Text(Stated(later, service))}.",
                    Unchanged = null,
                }).ToException(refused);
            }
            catch (ProblemException unwritten)
            {
                throw (problem with
                {
                    Message = $"{service.Name} wasn't scaled: {cause}. The new count is still recorded and applies at the next promotion: "
                        + $"{LostContact.Cause(unwritten)}.",
                    Unchanged = null,
                }).ToException(refused);
            }

            throw (problem with
            {
                Message = $"{service.Name} wasn't scaled, and its recorded count is unchanged: {cause}.",
                Unchanged = null,
            }).ToException(refused);

            void RequireOurs(App now)
            {
                later = Stated(now, service) == count ? null : now;
                if (later is not null) throw problem.ToException();
            }
        }
    }

    /// <summary>Determines, if it can be read, whether the change took effect although its response was lost.</summary>
    private async Task<bool> IsScaled(AppName app, Service service, int asked, ProblemException lost, CancellationToken cancel)
    {
        try
        {
            return await context.Rack.DesiredCounts(app, cancel) is { } counts && counts.GetValueOrDefault(service.Name, -1) == asked;
        }
        catch (ProblemException)
        {
            throw (lost.Problems[0] with
            {
                Message = $"whether {service.Name} was scaled isn't known: {LostContact.Cause(lost)}. The count {asked} is recorded and "
                    + "applies at the next promotion.",
                Unchanged = null,
            }).ToException(lost);
        }
    }
}
